import { mount as mountSvelte } from 'svelte'
import { createApp } from 'vue'
import Cart from './Cart.vue'
import { cases as callbacks } from './callbacks.ts'
import type { Cases } from './cases.ts'
import { cases as classes } from './classes.ts'
import { cases as delayed } from './delayed.ts'
import Menu from './Menu.vue'
import Panel from './Panel.svelte'
import { mount as mountReact } from './react.tsx'
// @ts-expect-error Solid's JSX has types of its own.
import { mount as mountSolid } from './solid.jsx'

const stacks: Record<string, string> = {}
let current = ''
const report = (error: unknown) => {
  stacks[current] ??= (error as Error).stack ?? ''
}
addEventListener('error', event => report(event.error))
addEventListener('unhandledrejection', event => report(event.reason))

async function run(all: Cases): Promise<void> {
  for (const [name, throws] of Object.entries(all)) {
    current = name
    try {
      await throws()
    } catch (error) {
      report(error)
    }
  }
}

const settled = () => new Promise(done => setTimeout(done, 20))

/** Mounts anew for each button, since an error may end what is mounted. */
async function click(ids: string[], mount: (root: HTMLElement) => void): Promise<void> {
  for (const id of ids) {
    const root = document.body.appendChild(document.createElement('div'))
    mount(root)
    await settled()
    current = id
    const button = root.querySelector(`#${id}`)
    for (const type of ['mousedown', 'click']) button?.dispatchEvent(new MouseEvent(type, { bubbles: true }))
    await settled()
    root.remove()
  }
}

const ids = (framework: string, names: string) => names.split(' ').map(name => `${framework}-${name}`)

async function runAll(): Promise<Record<string, string>> {
  await run({ ...callbacks, ...classes, ...delayed })
  await click(ids('react', 'inline save remove reset update count stock reduce price effect'), root =>
    mountReact(root, report),
  )
  const vue = (root: HTMLElement, component: typeof Cart | typeof Menu) => {
    const app = createApp(component, { name: 'a' })
    app.config.throwUnhandledErrorInProduction = true
    app.mount(root)
  }
  await click(ids('vue', 'add remove total watch'), root => vue(root, Cart))
  await click(['vue-toggle'], root => vue(root, Menu))
  await click(ids('svelte', 'save remove double effect'), root => void mountSvelte(Panel, { target: root }))
  await click(ids('solid', 'add remove memo effect'), mountSolid)
  return stacks
}

Object.assign(globalThis, { runAll })
