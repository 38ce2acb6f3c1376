import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Options as Theirs } from '@sentry/bundler-plugins/core'
import { expect, test } from 'vitest'
import { knownOptions } from '../src/check-options.ts'
import type { IncludeEntry, Options } from '../src/options.ts'

/** Ours has every option of Sentry's plugins, by types, at run time and in the documentation. */

type Missing<Other, Own> = Exclude<keyof NonNullable<Other>, keyof NonNullable<Own>>
type Field<Name extends keyof Options & keyof Theirs> = Missing<Theirs[Name], Options[Name]>
type Entry = Extract<NonNullable<NonNullable<Theirs['release']>['uploadLegacySourcemaps']>, { paths: string[] }>

type AllMissing =
  | Missing<Theirs, Options>
  | Field<'sourcemaps'>
  | Field<'release'>
  | Field<'bundleSizeOptimizations'>
  | Field<'reactComponentAnnotation'>
  | Field<'_metaOptions'>
  | Missing<Entry, IncludeEntry>

/** Compiles only if nothing is missing, and if a config for the other plugin is one for ours. */
const isComplete: [AllMissing] extends [never] ? true : AllMissing = true
const config: Theirs = { org: 'acme', release: { setCommits: { auto: true } }, sourcemaps: { assets: ['dist/**'] } }
const same: Options = config

test('every option of the other plugin has a type', () => {
  expect([isComplete, same]).toEqual([true, config])
})

const names = Object.entries(knownOptions).flatMap(([name, fields]) =>
  fields === true ? [name] : Object.keys(fields).map(field => `${name}.${field}`),
)

test.each(names)('%s is in the table of docs/migrating.md', async name => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/migrating.md'), 'utf8')
  const rows = page.split('\n').filter(line => line.startsWith('|'))
  const [group = '', field] = name.split('.')
  const isNamed = (text: string) => text.includes(`\`${name}\``) || text.includes(`\`${name}:`)
  const isOfGroup = (text: string) => field !== undefined && text.startsWith(`| \`${group}\` `)
  expect(rows.some(row => isNamed(row) || isOfGroup(row) || row.includes(`\`${name}.`))).toBe(true)
})
