const mapseal = require('mapseal/webpack')

module.exports = { configureWebpack: { plugins: [mapseal()] } }
