import mapseal from 'mapseal/rsbuild'

export default { html: { template: './index.html' }, plugins: [mapseal()] }
