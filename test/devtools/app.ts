import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sealFolder } from '@mapseal/core/folder'
import HtmlWebpackPlugin from 'html-webpack-plugin'
import mapsealVite from 'mapseal/vite'
import mapsealWebpack from 'mapseal/webpack'
import { build as buildWithVite } from 'vite'
import webpack from 'webpack'
import { runNode } from '../support/command.ts'
import { next } from '../toolchains/next/start.ts'

const files = {
  'package.json': '{ "type": "module" }',
  'index.html': '<!doctype html><title>shop</title><script type="module" src="/src/main.js"></script>',
  'page.html': '<!doctype html><title>shop</title>',
  'src/main.js':
    "import { totalOf } from './cart.js'\n\nglobalThis.pay = () => totalOf([{ price: 1 }, { price: 2 }])\n",
  'src/cart.js':
    'export function totalOf(items) {\n  let sum = 0\n  for (const item of items) sum += item.price\n  return sum\n}\n',
}

const nextFiles = {
  'package.json': files['package.json'],
  'next.config.mjs': `export default {
  output: 'export',
  productionBrowserSourceMaps: true,
  turbopack: { root: ${JSON.stringify(join(import.meta.dirname, '../..'))} },
}
`,
  'src/app/layout.jsx': 'export default ({ children }) => <html><body>{children}</body></html>\n',
  'src/app/page.jsx':
    "'use client'\nimport { totalOf } from '../cart.js'\n\nglobalThis.pay = () => totalOf([{ price: 1 }, { price: 2 }])\n" +
    'export default () => <p>shop</p>\n',
  'src/cart.js': files['src/cart.js'],
}

/** A small app whose `pay()` runs the third line of `src/cart.js`, sealed into `vault`. */
export const builds: Record<string, (root: string, vault: string) => Promise<void>> = {
  async vite(root, vault) {
    await write(root)
    const plugins = [mapsealVite({ vault })]
    await buildWithVite({ root, configFile: false, logLevel: 'warn', plugins, build: { outDir: 'dist' } })
  },

  async turbopack(root, vault) {
    await write(root, nextFiles)
    const { code, stdout, stderr } = await runNode([next, 'build'], {
      cwd: root,
      env: { NEXT_TELEMETRY_DISABLED: '1' },
    })
    if (code !== 0) throw new Error(stdout + stderr)
    await rename(join(root, 'out'), join(root, 'dist'))
    await sealFolder('dist', { vault }, root)
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

async function write(root: string, all: Record<string, string> = files): Promise<void> {
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}
