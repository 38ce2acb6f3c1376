import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as esbuild from 'esbuild'

/** Approximate size of the large map, in bytes. */
const LARGE = 30e6
const SMALL_MAPS = 500
const FRAMES = 10_000

/**
 * Builds real packages twice into `out`: as one script with one map of about 30 MB, and in chunks of which 500 are used; and
 * draws the frames that every reader has to find. The same packages give the same bytes and frames.
 *
 * @param app folder with the app that test/toolchains/real writes
 */
export async function makeMaps(app, out) {
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const options = {
    absWorkingDir: app,
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    sourcemap: 'external',
    logLevel: 'error',
  }
  const pages = (await readdir(join(app, 'pages'))).sort()
  const share = await shareOf(pages, app, options)
  const contents = pages
    .slice(0, share)
    .map((page, index) => `export * as p${index} from './pages/${page}'`)
    .join('\n')
  await esbuild.build({ ...options, stdin: { contents, resolveDir: app }, outfile: join(out, 'large.js') })
  await esbuild.build({ ...options, entryPoints: ['main.js'], splitting: true, outdir: join(out, 'small') })

  const large = join(out, 'large.js')
  const small = (await readdir(join(out, 'small'))).filter(name => name.endsWith('.js')).sort()
  const used = small.slice(0, SMALL_MAPS).map(name => join(out, 'small', name))
  const plan = {
    first: [{ map: `${large}.map`, frames: await draw(large, 1, 3) }],
    one: [{ map: `${large}.map`, frames: await draw(large, FRAMES, 1) }],
    many: await Promise.all(
      used.map(async (path, index) => ({
        map: `${path}.map`,
        frames: await draw(path, FRAMES / SMALL_MAPS, index + 1),
      })),
    ),
  }
  await writeFile(join(out, 'plan.json'), JSON.stringify(plan))
  const sizes = await Promise.all(plan.many.map(async ({ map }) => (await stat(map)).size))
  return {
    largeBytes: (await stat(`${large}.map`)).size,
    smallMaps: used.length,
    smallBytes: sizes.reduce((a, b) => a + b, 0),
  }
}

/** How many of the pages make a map of the wanted size. */
async function shareOf(pages, app, options) {
  let [low, high] = [1, pages.length]
  for (let round = 0; round < 5; round++) {
    const middle = Math.floor((low + high) / 2)
    const contents = pages
      .slice(0, middle)
      .map((page, index) => `export * as p${index} from './pages/${page}'`)
      .join('\n')
    const { outputFiles } = await esbuild.build({
      ...options,
      stdin: { contents, resolveDir: app },
      outfile: 'x.js',
      write: false,
    })
    if (outputFiles.find(file => file.path.endsWith('.map')).contents.length < LARGE) low = middle
    else high = middle
  }
  return low
}

/** Positions all over the code, the same each time. Lines from 1, columns from 0. */
async function draw(path, count, seed) {
  const code = await readFile(path, 'utf8')
  const starts = [0]
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1)
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const offset = Math.floor((state / 2 ** 32) * code.length)
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle] <= offset) low = middle
      else high = middle
    }
    return [low + 1, offset - starts[low]]
  })
}
