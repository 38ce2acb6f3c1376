import { mount as mountSvelte } from 'svelte'
import { createApp } from 'vue'
import Cart from './Cart.vue'
import { cases as callbacks } from './callbacks.ts'
import { cases as classes } from './classes.ts'
import { cases as delayed } from './delayed.ts'
import Menu from './Menu.vue'
import Panel from './Panel.svelte'
import { mount as mountReact } from './react.tsx'
import { mount as mountSolid } from './solid.jsx'

const stacks = {}
let current = ''
const report = error => {
  stacks[current] ??= error.stack ?? ''
}
addEventListener('error', event => report(event.error))
addEventListener('unhandledrejection', event => report(event.reason))

async function run(all) {
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
async function click(ids, mount) {
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

const ids = (framework, names) => names.split(' ').map(name => `${framework}-${name}`)

async function runAll() {
  await run({ ...callbacks, ...classes, ...delayed })
  await click(ids('react', 'inline save remove reset update count stock reduce price effect'), root =>
    mountReact(root, report),
  )
  const vue = (root, component) => {
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
