#!/usr/bin/env node
import { main } from '@mapseal/cli'

process.exitCode = await main(process.argv.slice(2))
