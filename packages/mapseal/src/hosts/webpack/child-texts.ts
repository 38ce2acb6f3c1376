import { bare, readTrailingComments } from '@mapseal/core'
import type { Compilation } from 'webpack'
import { assetsOf, contentOf } from './content.ts'
import { generatedScripts, isEvaluated, isOfWorker } from './scripts.ts'
import type { CompilationSealing } from './sealing.ts'

/**
 * Warns of scripts of child compilations that a loader has put into others as text without their being sealed: they may be
 * anything, such as code that the build itself runs, and only the output shows that they ship.
 */
export function warnOfChildTexts({ compilation, options }: CompilationSealing): void {
  const texts = childTexts(compilation)
  if (texts.length === 0) return
  const generated = generatedScripts(compilation)
  const scripts = assetsOf(compilation).filter(({ name }) => generated.has(name))
  for (const { name, code } of texts) {
    const holder = scripts.find(({ source }) => holdsText(contentOf(source).toString(), code))
    if (!holder) continue
    options.logger.warn(
      `[mapseal] [webpack] ${bare(name)}, which a child compiler built, is a string in ${bare(holder.name)}. Stacks from that code will not be readable: have it written as a file of its own, or apply WebWorkerTemplatePlugin to its compiler if it runs in a worker.`,
    )
  }
}

/** Scripts of children that have not become files. */
function childTexts(root: Compilation): { name: string; code: string }[] {
  const written = new Set(assetsOf(root).map(({ name }) => name))
  const found = new Map<string, string>()
  const children = [...(root.children ?? [])]
  for (const child of children) {
    children.push(...(child.children ?? []))
    if (isOfWorker(child) || isEvaluated(child, root)) continue
    const scripts = new Set([...child.chunks].flatMap(chunk => [...chunk.files]))
    for (const { name, source } of assetsOf(child).filter(({ name }) => scripts.has(name) && !written.has(name))) {
      const code = contentOf(source)
      found.set(name, code.slice(0, readTrailingComments(code).bodyEnd).toString())
    }
  }
  return [...found].map(([name, code]) => ({ name, code }))
}

/** Whether a script has another in it as a string, however that is quoted and escaped. */
function holdsText(script: string, text: string): boolean {
  // What no way of writing a string changes.
  const parts = text.split(/[^ !#%-&(-[\]-_a-z{-~]+/).filter(part => part.length > 0)
  const first = parts[0]
  if (first === undefined) return false
  for (let at = script.indexOf(first); at >= 0; at = script.indexOf(first, at + 1)) {
    if (continues(script, at, parts)) return true
  }
  return false
}

/** Whether the parts follow one another with nothing but escapes between them. */
function continues(script: string, at: number, parts: string[]): boolean {
  let end = at
  for (const part of parts) {
    const next = script.indexOf(part, end)
    if (next < 0 || next - end > 60) return false
    end = next + part.length
  }
  return true
}
