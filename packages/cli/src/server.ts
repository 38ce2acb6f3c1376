import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MapsealError } from '@mapseal/core'

export type ServerModule = typeof import('@mapseal/server')

/** Loads the server, which is installed separately: beside this package or in the project. @throws MapsealError that says how to install it */
export async function loadServer(cwd: string): Promise<ServerModule> {
  try {
    return await import('@mapseal/server')
  } catch (cause) {
    if (!isAbsent(cause)) throw cause
  }
  try {
    return await import(pathToFileURL(createRequire(join(cwd, 'package.json')).resolve('@mapseal/server')).href)
  } catch (cause) {
    if (!isAbsent(cause)) throw cause
    const message =
      '"mapseal serve" needs a package that is not installed. Install it: npm install --save-dev @mapseal/server'
    throw new MapsealError('server', message, { cause })
  }
}

function isAbsent(cause: unknown): boolean {
  const { code, message } = cause as NodeJS.ErrnoException
  return ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code ?? '') && message.includes('@mapseal/server')
}
