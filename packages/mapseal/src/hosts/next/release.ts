import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createReleaseModule, detectRelease, type Options, resolveOptions } from '@mapseal/core'
import type { NextConfig } from './config.ts'

/** Below a folder whose name begins with a dot, webpack reads a package's file again at each build. */
const module = 'node_modules/.cache/mapseal/release.js'

/** As Next.js itself names a build that has a deployment ID: file names tell those apart then. */
const deployedBuildId = 'build-TfctsWXpff2fKS'

/**
 * Has Next.js bundle a module that names the release, ahead of the app's own code in the browser: so the names of the scripts that
 * hold it depend on the release, and those of no other. It is written once Next.js asks for the ID of the build, before anything is
 * compiled. Versions of Next.js that have no place for it, and configs outside the working folder, stay as they are.
 */
export function withRelease(config: NextConfig, options: Options, dir: string = process.cwd()): NextConfig {
  if (!configNames.some(name => existsSync(join(dir, name))) || !takesModules(dir)) return config
  return {
    ...config,
    instrumentationClientInject: [`./${module}`, ...(config.instrumentationClientInject ?? [])],
    async generateBuildId() {
      await writeModule(dir, options)
      if (config.generateBuildId) return config.generateBuildId()
      // Next.js itself sets the variable, to nothing where there is no ID.
      return config.deploymentId || process.env.NEXT_DEPLOYMENT_ID ? deployedBuildId : null
    },
  }
}

const configNames = ['js', 'mjs', 'cjs', 'ts', 'mts'].map(extension => `next.config.${extension}`)

/** Next.js warns of settings that it does not know. */
function takesModules(dir: string): boolean {
  try {
    const { defaultConfig } = createRequire(join(dir, 'package.json'))('next/dist/server/config-shared')
    return 'instrumentationClientInject' in defaultConfig
  } catch {
    return false
  }
}

async function writeModule(dir: string, options: Options): Promise<void> {
  const resolved = resolveOptions(options)
  const file = join(dir, module)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, createReleaseModule(resolved, await detectRelease(resolved.release, dir)))
}
