import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { transform } from 'esbuild'

const require = createRequire(import.meta.url)
const wasm2js = join(dirname(require.resolve('binaryen')), 'bin/wasm2js')

/**
 * undici's parser of responses, which it has as WebAssembly, as JavaScript. V8 optimizes the parser's one huge function after a
 * few responses, in another thread: that costs a short build 45 ms of CPU and saves it nothing. JavaScript of that size it
 * never optimizes.
 *
 * @param {string} name
 * @returns {Promise<string>} declares a function of that name, of the parser's imports to its exports
 */
export async function llhttp(name) {
  const folder = await mkdtemp(join(tmpdir(), 'llhttp-'))
  try {
    const [input, output] = [join(folder, 'llhttp.wasm'), join(folder, 'llhttp.js')]
    await writeFile(input, require('undici/lib/llhttp/llhttp-wasm.js'))
    await promisify(execFile)(wasm2js, [input, '-O2', '-o', output])
    const module = await readFile(output, 'utf8')
    const body = module.replace(/^import .*\n/, '').replace(/^export var .*\n/gm, '')
    // As it comes it is 2.5 MB, of which nine tenths indent.
    return (await transform(`const ${name} = ({ env }) => {${body}return retasmFunc}`, { minify: true })).code
  } finally {
    await rm(folder, { recursive: true })
  }
}
