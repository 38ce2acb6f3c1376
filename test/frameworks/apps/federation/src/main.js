import('./boot.js')
