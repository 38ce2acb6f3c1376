import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HierarchyRectangularNode, hierarchy, treemap } from 'd3-hierarchy'
import { escapeHtml, highlight } from './highlight.ts'
import { rowOf, shorten } from './print.ts'
import type { BundlerResult, StackResult } from './result.ts'
import type { Script } from './scan.ts'
import type { Frame, Original } from './symbolicate.ts'

const KINDS = ['entry', 'lazy', 'worker']
const WIDTH = 1200
const HEIGHT = 240

/** The whole demo as one self-contained page. */
export function reportOf(results: BundlerResult[]): string {
  const complaints = results.flatMap(result => result.complaints)
  const verdict =
    complaints.length === 0 ? 'Every stack leads to its line; no map in any output folder.' : complaints.join(' ')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mapseal playground</title>
<style>${readFileSync(join(import.meta.dirname, 'report.css'), 'utf8')}</style>
<h1>Mapseal playground</h1>
<p class="lead">One app, three bundlers, three real errors each in a real browser. <b class="${complaints.length === 0 ? 'good' : 'bad'}">${escapeHtml(verdict)}</b></p>
${summary(results)}
${results.map(section).join('\n')}
</html>
`
}

function summary(results: BundlerResult[]): string {
  const headings = [
    '',
    'build',
    'files',
    'scripts',
    'with one debug ID',
    'maps in the output',
    'leading to a map',
    'stacks read',
  ]
  const rows = results.map(
    result =>
      `<tr>${rowOf(result)
        .map(cell => `<td>${escapeHtml(cell)}</td>`)
        .join('')}</tr>`,
  )
  return `<table><tr>${headings.map(heading => `<th>${heading}</th>`).join('')}</tr>${rows.join('')}</table>`
}

function section({ bundler, scan, stacks }: BundlerResult): string {
  const kilobytes = scan.scripts.reduce((sum, script) => sum + script.bytes, 0) / 1000
  const legend = stacks.map(({ scenario }, index) => `<span class="${KINDS[index]}">${scenario.title} (threw)</span>`)
  return `<h2>${bundler} <small>${scan.scripts.length} scripts, ${kilobytes.toFixed(0)} kB as shipped; by size, each with its debug ID</small></h2>
${picture(scan.scripts, stacks)}
<p class="legend">${legend.join('')}<span class="other">product pages and shared code</span></p>
${stacks.map(card).join('\n')}`
}

type Node = { script: Script } | { children: Node[] }

function picture(scripts: Script[], stacks: StackResult[]): string {
  const root = hierarchy<Node>({ children: scripts.map(script => ({ script })) })
    .sum(node => ('script' in node ? node.script.bytes : 0))
    .sort((one, other) => (other.value ?? 0) - (one.value ?? 0))
  const tiles = treemap<Node>().size([WIDTH, HEIGHT])(root).leaves()
  const kindOf = (script: Script) => KINDS[stacks.findIndex(stack => stack.script === script.path)] ?? 'other'
  const drawn = tiles.flatMap(({ data, ...box }) =>
    'script' in data ? tileOf(data.script, box, kindOf(data.script)) : [],
  )
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}">${drawn.join('')}</svg>`
}

type Box = Pick<HierarchyRectangularNode<Node>, 'x0' | 'y0' | 'x1' | 'y1'>

function tileOf(item: Script, { x0: x, y0: y, x1, y1 }: Box, kind: string): string {
  const width = x1 - x
  const height = y1 - y
  const name = item.path.slice(item.path.lastIndexOf('/') + 1)
  const id = item.debugIds[0] ?? 'no debug ID'
  const letters = Math.floor((width - 10) / 6.7)
  const lines =
    letters < 5 ? [] : [name, id].slice(0, Math.floor((height - 4) / 15)).map(text => text.slice(0, letters))
  const texts = lines.map((line, index) => `<text x="${x + 6}" y="${y + 15 + index * 15}">${escapeHtml(line)}</text>`)
  return `<g class="${kind}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"><title>${escapeHtml(`${item.path}, ${item.bytes} bytes, ${id}`)}</title></rect>${texts.join('')}</g>`
}

function card({ scenario, message, frames }: StackResult, index: number): string {
  return `<article class="${KINDS[index]}">
<header><b>${scenario.title}</b><code>${escapeHtml(message)}</code></header>
<section class="before"><h3>What the browser printed</h3><ol>${frames.map(before).join('')}</ol></section>
<section class="after"><h3>Symbolicated from the vault</h3><ol>${frames.map(after).join('')}</ol></section>
</article>`
}

function before({ raw }: Frame): string {
  return `<li>${escapeHtml(shorten(raw))}</li>`
}

function after({ raw, original }: Frame, index: number): string {
  if (!original) return `<li class="bad">${escapeHtml(shorten(raw))}</li>`
  const { source, line, column } = original
  const name = original.function ? `${escapeHtml(original.function)} ` : ''
  const lines = index === 0 ? original.excerpt : original.excerpt.filter(({ number }) => number === line)
  const rows = lines.map(({ number, text }) => row(number, text, original))
  return `<li>at ${name}<span class="place">${escapeHtml(source)}:${line}:${column + 1}</span><pre>${rows.join('')}</pre></li>`
}

function row(number: number, text: string, { line }: Original): string {
  return `<span class="row${number === line ? ' hit' : ''}"><i>${number}</i>${highlight(text)}</span>`
}
