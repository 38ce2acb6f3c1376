import { h } from './dom.js'

const WORDS =
  'abstract any as async await boolean break case catch class const continue declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface is keyof let new null number of private protected public readonly return satisfies set static string super switch this throw true try type typeof undefined unknown var void while yield'
const WORD = WORDS.replaceAll(' ', '|')

/** Each part ends at the line's end, and repeats only what excludes its own end: no line takes long. */
const TOKEN = new RegExp(
  [
    String.raw`(?<comment>\/\/.*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|^\s*\*(?=[\s/]).*)`,
    String.raw`(?<string>'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?|` + String.raw`\x60(?:[^\x60\\]|\\.)*\x60?)`,
    String.raw`(?<keyword>(?<![\w$.])(?:${WORD})(?![\w$]))`,
    String.raw`(?<number>(?<![\w$])(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d+)?)(?![\w$]))`,
  ].join('|'),
  'gi',
)

/** Longer lines are generated, and not meant to be read. */
const LONGEST = 1000

/** A line of JavaScript or TypeScript as nodes; good enough for an excerpt, which may start inside a comment. */
export function highlight(line) {
  if (line.length > LONGEST) return [`${line.slice(0, LONGEST)}…`]
  const nodes = []
  let end = 0
  for (const match of line.matchAll(TOKEN)) {
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined)
    nodes.push(line.slice(end, match.index), h('span', { class: `token ${kind}` }, match[0]))
    end = match.index + match[0].length
  }
  return [...nodes, line.slice(end)]
}
