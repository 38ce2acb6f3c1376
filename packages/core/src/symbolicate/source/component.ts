/** A component file: its scripts, and the function that each compiles to. */
export interface ComponentScripts {
  /** As long as the file, with all but the scripts blank, so that no offset changes. */
  text: string
  /** What the framework makes of code outside of all functions: `name` is absent for one of its own making. */
  functionAt(offset: number): { name?: string } | undefined
}

interface Block {
  start: number
  end: number
  /** The function around the block's own statements; absent where they stay at the top of the module. */
  name: string | undefined
}

/** Finds the scripts of a Vue, Svelte, Astro or HTML file; undefined for a path of any other. */
export function componentScripts(content: string, path: string): ComponentScripts | undefined {
  const kind = /([^/\\]*)\.(vue|svelte|astro|html?)(?:\?|$)/.exec(path)
  if (!kind) return
  const [, base = '', type = ''] = kind
  const blocks = [...frontmatter(content, type), ...scriptBlocks(content, base, type)]
  let text = ''
  for (const { start, end } of blocks) text = text.padEnd(start) + content.slice(start, end)
  return {
    text,
    functionAt(offset) {
      const block = blocks.find(({ start, end }) => start <= offset && offset < end)
      // Templates become functions without a name.
      if (!block) return {}
      return block.name === undefined ? undefined : { name: block.name }
    },
  }
}

function scriptBlocks(content: string, base: string, type: string): Block[] {
  const blocks: Block[] = []
  for (let tag = content.indexOf('<script'); tag >= 0; tag = content.indexOf('<script', tag)) {
    const start = content.indexOf('>', tag) + 1
    const end = content.indexOf('</script', start)
    if (start === 0 || end < 0) break
    blocks.push({ start, end, name: functionOf(content.slice(tag, start).slice(0, LONGEST_TAG), base, type) })
    tag = end
  }
  return blocks
}

const LONGEST_TAG = 500

function functionOf(tag: string, base: string, type: string): string | undefined {
  if (type === 'vue') return /\ssetup\b/.test(tag) ? 'setup' : undefined
  if (type === 'svelte') return /\smodule\b|\scontext\s*=/.test(tag) ? undefined : base
}

function frontmatter(content: string, type: string): Block[] {
  const start = type === 'astro' ? content.indexOf('---') + 3 : 2
  const end = start === 2 ? -1 : content.indexOf('\n---', start)
  return end < 0 ? [] : [{ start, end, name: undefined }]
}
