import('./main.js')
