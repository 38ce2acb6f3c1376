/** Markdown. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

export const seconds = (ms: number): string => (ms / 1000).toFixed(2)
export const megabytes = (bytes: number, digits = 1): string => (bytes / 1e6).toFixed(digits)
export const verdict = (isMet: boolean): string => (isMet ? 'met' : '**not met**')
export const day = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`
