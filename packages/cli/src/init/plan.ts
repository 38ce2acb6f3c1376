import type { Bundler } from './bundlers.ts'
import { editConfig } from './edit.ts'
import { type FileChange, ignoreVault } from './ignore-files.ts'
import type { Project } from './project.ts'
import { type Vendor, vendors } from './vendors.ts'

/** Everything that is to be done to a project, before any of it is. */
export interface Plan {
  changes: FileChange[]
  /** What a person has to know or to do. */
  notes: string[]
  /** Names of the environment variables that are needed. */
  variables: string[]
  /** Configs that cannot be changed, with the reason. */
  refused: { path: string; reason: string }[]
  /** Packages that the changed configs import. */
  needed: string[]
}

export async function makePlan(project: Project): Promise<Plan> {
  const tracker = vendors.find(({ sdk }) => [...project.dependencies].some(name => sdk.test(name)))
  const plan: Plan = { changes: [], notes: [], variables: [], refused: [], needed: [] }
  const variables = new Set<string>()
  const needed = new Set<string>()
  for (const { bundler, path, text } of project.configs) {
    const edit = editConfig(text ?? bundler.empty ?? '', path, bundler, tracker)
    if (edit.kind === 'refused') plan.refused.push({ path, reason: edit.reason })
    if (edit.kind !== 'changed') continue
    plan.changes.push({ path, before: text, after: edit.text })
    plan.notes.push(...edit.notes)
    needed.add(edit.needed)
    const vendor = edit.replaced ?? tracker
    if (vendor?.name === 'Sentry') plan.notes.push(...uploadersIn(text ?? '', bundler))
    for (const name of variablesOf(vendor, edit.given)) variables.add(name)
    if (vendor?.destination.note && !edit.given.includes('url')) plan.notes.push(vendor.destination.note)
    if (vendor?.destination.isByUrl && !edit.given.includes('urls')) plan.notes.push(urlsNote(vendor))
  }
  plan.changes.push(...(await ignoreVault(project.cwd)))
  return { ...plan, notes: [...new Set(plan.notes)], variables: [...variables], needed: [...needed] }
}

/** What else of Sentry's uploads the same maps. `withMapseal()` switches that of its plugin for Next.js off. */
function uploadersIn(text: string, { place }: Bundler): string[] {
  const names = place === 'around' ? [] : (text.match(wrappers) ?? [])
  return [...new Set(names)].map(
    name =>
      `${name} uploads source maps too, where it has a token. Switch that off in its options: ${name.endsWith('/sveltekit') ? 'autoUploadSourceMaps: false' : 'sourcemaps: { disable: true }'}.`,
  )
}

const wrappers = /@sentry\/(?:sveltekit|react-router|astro|nuxt|solidstart|tanstackstart-react)\b/g

function urlsNote({ name }: Vendor): string {
  return `${name} finds source maps by URL: add where your scripts are loaded from to mapseal(), as in urls: 'https://shop.example/'.`
}

function variablesOf(vendor: Vendor | undefined, given: string[]): string[] {
  const needed = Object.entries(vendor?.destination.variables ?? {})
  return needed.filter(([, option]) => !given.includes(option)).map(([name]) => name)
}
