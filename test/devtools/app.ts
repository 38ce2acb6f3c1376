import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import HtmlWebpackPlugin from 'html-webpack-plugin'
import mapsealVite from 'mapseal/vite'
import mapsealWebpack from 'mapseal/webpack'
import { build as buildWithVite } from 'vite'
import webpack from 'webpack'

const files = {
  'package.json': '{ "type": "module" }',
  'index.html': '<!doctype html><title>shop</title><script type="module" src="/src/main.js"></script>',
  'page.html': '<!doctype html><title>shop</title>',
  'src/main.js':
    "import { totalOf } from './cart.js'\n\nglobalThis.pay = () => totalOf([{ price: 1 }, { price: 2 }])\n",
  'src/cart.js':
    'export function totalOf(items) {\n  let sum = 0\n  for (const item of items) sum += item.price\n  return sum\n}\n',
}

/** A small app whose `pay()` runs the third line of `src/cart.js`, sealed into `vault`. */
export const builds: Record<string, (root: string, vault: string) => Promise<void>> = {
  async vite(root, vault) {
    await write(root)
    const plugins = [mapsealVite({ vault })]
    await buildWithVite({ root, configFile: false, logLevel: 'warn', plugins, build: { outDir: 'dist' } })
  },

  async webpack(root, vault) {
    await write(root)
    const compiler = webpack({
      context: root,
      mode: 'production',
      entry: './src/main.js',
      output: { path: join(root, 'dist') },
      plugins: [new HtmlWebpackPlugin({ template: 'page.html' }), mapsealWebpack({ vault })],
    })
    await new Promise<void>((done, fail) => {
      compiler.run((error, stats) => {
        if (error || stats?.hasErrors()) fail(error ?? new Error(stats?.toString('errors-only')))
        else compiler.close(() => done())
      })
    })
  },
}

async function write(root: string): Promise<void> {
  await mkdir(join(root, 'src'), { recursive: true })
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text)
}
