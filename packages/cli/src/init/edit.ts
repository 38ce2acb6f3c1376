import MagicString from 'magic-string'
import type { Bundler } from './bundlers.ts'
import { insert } from './insert.ts'
import { swap } from './swap.ts'
import { moduleNames, readSyntax, type Syntax, textOf } from './syntax.ts'
import { type Vendor, vendors } from './vendors.ts'

/** What is to become of a config. */
export type Edit =
  | ({ kind: 'changed'; text: string; replaced: Vendor | undefined } & Pick<Editing, 'notes' | 'given' | 'needed'>)
  | { kind: 'unchanged' }
  /** Why a person has to do it. */
  | { kind: 'refused'; reason: string }

/** A config that is being edited. */
export interface Editing {
  syntax: Syntax
  output: MagicString
  bundler: Bundler
  notes: string[]
  /** Names of the destination's options that are set. */
  given: string[]
  /** The package that the config imports afterwards. */
  needed: 'mapseal' | '@mapseal/sentry-compat'
}

/** @param tracker the vendor whose SDK the project has */
export function editConfig(text: string, path: string, bundler: Bundler, tracker: Vendor | undefined): Edit {
  let syntax: Syntax
  try {
    syntax = readSyntax(text, path)
  } catch (cause) {
    return { kind: 'refused', reason: `it cannot be parsed: ${(cause as Error).message}` }
  }
  const modules = moduleNames(syntax).map(textOf)
  if (modules.some(isOurs) || isNamed(text, bundler)) return { kind: 'unchanged' }
  const edit: Editing = { syntax, output: new MagicString(text), bundler, notes: [], given: [], needed: 'mapseal' }
  const vendor = vendors.find(({ plugin }) => modules.some(name => name !== undefined && plugin.test(name)))
  const problem = vendor ? swap(edit, vendor) : insert(edit, tracker)
  if (problem) return { kind: 'refused', reason: problem }
  const { notes, given, needed } = edit
  return { kind: 'changed', text: edit.output.toString(), notes, given, needed, replaced: vendor }
}

const isOurs = (name: string | undefined) => /^mapseal\/|^@mapseal\/sentry-compat\//.test(name ?? '')

/** Nuxt imports its modules itself, by their names. */
function isNamed(text: string, { name, place }: Bundler): boolean {
  return place === 'modules' && new RegExp(`['"]mapseal/${name}['"]`).test(text)
}
