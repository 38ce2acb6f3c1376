const TOKEN =
  /(\/\/.*|\/\*.*?\*\/)|('[^']*'|`[^`]*`|"[^"]*")|\b(as|async|await|const|export|for|function|if|import|let|new|return|throw|type|undefined)\b|\b(\d+)\b/g
const CLASSES = ['comment', 'string', 'keyword', 'number']

/** A line of TypeScript as HTML; good enough for an excerpt. */
export function highlight(line: string): string {
  let html = ''
  let end = 0
  for (const match of line.matchAll(TOKEN)) {
    const kind = CLASSES[match.slice(1).findIndex(group => group !== undefined)]
    html += `${escapeHtml(line.slice(end, match.index))}<span class="${kind}">${escapeHtml(match[0])}</span>`
    end = match.index + match[0].length
  }
  return html + escapeHtml(line.slice(end))
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
