import type { Connect, Options } from '@mapseal/core'
import type { AfterCompile } from './config.ts'

/** What Next.js keeps beside a production build: of its caches, of its development server, and types. */
const notOutput = ['cache/**', 'dev/**', 'diagnostics/**', 'types/**']

/** Seals `.next` before pages are prerendered, and before its server is copied to `standalone`. */
export function sealAfterCompile(options: Options, connect: Connect): AfterCompile {
  return async ({ projectDir, distDir }) => {
    const { sealFolder } = await import('@mapseal/core/folder')
    const allow = [...[options.allow ?? []].flat(), ...notOutput]
    await sealFolder(distDir, { ...options, allow }, projectDir, connect)
  }
}
