import { withMapseal } from 'mapseal/next'

export default withMapseal({ output: process.env.OUTPUT })
