import { contestants } from '../contestants/list.ts'
import type { Stored } from '../store.ts'
import type { ImportFigures } from '../tables/import.ts'
import type { InstallFigures } from '../tables/install.ts'
import { day, megabytes, seconds, table } from './table.ts'

export function importSection({ figures, at }: Stored<ImportFigures[]>): string {
  const runs = Math.max(...figures.map(({ runs }) => runs))
  const rows = figures.map(({ contestant, entry, cpuMs, bytes, error }) => [
    titleOf(contestant),
    `\`${entry}\``,
    ...(error ? [`does not load: ${error}`, ''] : [cpuMs.toFixed(0), megabytes(bytes)]),
  ])
  return `## Importing the plugin

Over a process that imports nothing, in turn with it: medians of ${runs} pairs; ${day(at)}. A build pays it whatever the plugin then does.

${table(['', 'module', 'CPU ms', 'memory MB'], rows)}`
}

export function installSection({ figures, at }: Stored<InstallFigures[]>): string {
  const rows = figures.map(({ contestant, packages, count, bytes, wallMs, error }) => [
    titleOf(contestant),
    `\`${packages.join(' ')}\``,
    ...(error ? [`fails: ${error}`, '', ''] : [`${count}`, megabytes(bytes), seconds(wallMs)]),
  ])
  return `## Installing the plugin

\`npm install\` into an empty project with an empty cache, without install scripts and without the bundler; ${day(at)}.

${table(['', 'packages asked for', 'packages', 'MB', 's'], rows)}`
}

const titleOf = (name: string) => contestants.find(contestant => contestant.name === name)?.title ?? name
