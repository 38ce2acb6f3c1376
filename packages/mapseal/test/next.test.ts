import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { withMapseal } from '../src/next.ts'

afterEach(() => vi.unstubAllEnvs())

function inBuild<Config extends object>(config: Config): Config {
  vi.stubEnv('NODE_ENV', 'production')
  return withMapseal(config)
}

describe('withMapseal', () => {
  it('switches source maps and debug IDs on, and keeps the rest', () => {
    const config = { output: 'standalone', experimental: { sri: {} }, compiler: { removeConsole: true } }
    expect(inBuild(config)).toEqual({
      output: 'standalone',
      productionBrowserSourceMaps: true,
      experimental: { sri: {}, serverSourceMaps: true },
      turbopack: { debugIds: true },
      compiler: { removeConsole: true, runAfterProductionCompile: expect.any(Function) },
    })
  })

  it('leaves what the user has switched off, and the refusal of Turbopack where a config is for webpack alone', () => {
    const config = { productionBrowserSourceMaps: false, webpack: (config: object) => config }
    expect(inBuild(config)).toMatchObject({ productionBrowserSourceMaps: false })
    expect(inBuild(config)).not.toHaveProperty('turbopack')
  })

  it('does nothing outside a build, or when it is switched off', async () => {
    const config = {}
    vi.stubEnv('NODE_ENV', 'development')
    expect(withMapseal(config)).toBe(config)
    vi.stubEnv('NODE_ENV', 'production')
    expect(withMapseal(config, { enabled: false })).toBe(config)
    const made = withMapseal((_phase: string) => config)
    expect(await made('phase-production-server')).toBe(config)
    expect(await made('phase-production-build')).toMatchObject({ productionBrowserSourceMaps: true })
  })

  it('refuses an option that does not exist in the line that has it', () => {
    expect(() => withMapseal({}, { retian: 3 } as object)).toThrow('Did you mean "retain"?')
    expect(() => withMapseal('config' as never)).toThrow('[mapseal] [next] withMapseal() takes the config')
  })

  it('seals what Next.js wrote, after the hook of the user', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const projectDir = await realpath(await mkdtemp(join(tmpdir(), 'next-')))
    const distDir = join(projectDir, '.next')
    const logger = { info: () => {}, warn: () => {}, error: () => {} }
    const runAfterProductionCompile = async (_build: object) => {
      for (const folder of ['static', 'cache']) {
        await mkdir(join(distDir, folder), { recursive: true })
        await writeFile(join(distDir, folder, 'a.js'), 'a()\n//# sourceMappingURL=a.js.map\n')
        await writeFile(join(distDir, folder, 'a.js.map'), '{"version":3,"sources":["a.ts"],"mappings":"AAAA"}')
      }
    }
    const config = withMapseal({ compiler: { runAfterProductionCompile } }, { vault: 'vault', logger })
    await config.compiler.runAfterProductionCompile({ projectDir, distDir })
    expect(await readdir(join(distDir, 'static'))).toEqual(['a.js'])
    expect(await readdir(join(distDir, 'cache'))).toEqual(['a.js', 'a.js.map'])
    expect(await readdir(join(projectDir, 'vault/builds'))).toHaveLength(1)
    await rm(projectDir, { recursive: true })
  })
})
