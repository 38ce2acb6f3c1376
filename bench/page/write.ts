import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Machine, thisMachine } from '../machine.ts'
import { PAGE, ROOT } from '../places.ts'
import type { AllStored } from '../store.ts'
import { costSection } from './cost.ts'
import { deliverySection } from './delivery.ts'
import { importSection, installSection } from './footprint.ts'
import { describeMachine, describeVersions } from './machine.ts'
import { nodesSection } from './nodes.ts'
import { peersSection } from './peers.ts'
import { targetsSection } from './targets.ts'
import { COSTS, HEAD, METHOD } from './texts.ts'

/** What `bench/symbolicate` or `bench/leaving` wrote. */
async function readResults(folder: string): Promise<string> {
  return (await readFile(join(ROOT, folder, 'results.md'), 'utf8')).trim()
}

/** Writes the page from what is stored, and from nothing else. */
export async function writePage(stored: AllStored): Promise<void> {
  const { rounds, newer, imports, installs, deliveries } = stored
  const all = [...rounds, ...[imports, installs, deliveries].filter(part => part !== undefined)]
  const newest = [...all].sort((left, right) => right.at.localeCompare(left.at))[0]
  const machine: Machine = newest?.machine ?? thisMachine()
  const sections = [
    HEAD,
    `Measured on ${describeMachine(machine)}. ${describeVersions(newest?.versions ?? {})}.`,
    peersSection(rounds),
    COSTS,
    ...rounds.map(row => costSection(row, machine)),
    nodesSection(rounds, newer),
    ...(deliveries ? [deliverySection(deliveries)] : []),
    ...(imports ? [importSection(imports)] : []),
    ...(installs ? [installSection(installs)] : []),
    targetsSection(stored),
    await readFile(join(ROOT, 'page/gaps.md'), 'utf8').then(text => text.trim()),
    `## Reading maps\n\n\`node --import tsx bench/symbolicate/run.mjs\` measures what it costs to find original positions.\n\n${await readResults('symbolicate')}`,
    `## What leaves the machine\n\n\`node -C mapseal-source --import tsx bench/leaving/run.mjs\` measures what it costs to look for secrets, and to deliver to several vendors.\n\n${await readResults('leaving')}`,
    METHOD,
  ]
  await writeFile(PAGE, `${sections.filter(section => section !== '').join('\n\n')}\n`)
}
