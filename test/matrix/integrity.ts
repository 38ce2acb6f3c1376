import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { Files } from './types.ts'

/** Each digest in a page must be that of the file it pins; and a page must pin something. */
export function checkIntegrity(files: Files): string[] {
  const problems: string[] = []
  let count = 0
  for (const [page, html] of files) {
    if (!page.endsWith('.html')) continue
    for (const [tag] of html.toString().matchAll(/<(?:script|link)\b[^>]*integrity=[^>]*>/g)) {
      count += 1
      const path = /(?:src|href)="?([^"\s>]+)/.exec(tag)?.[1] ?? ''
      const bytes = files.get(posix.join(posix.dirname(page), path).replace(/^\//, ''))
      const digests = /integrity="?([^">]+)/.exec(tag)?.[1]?.trim().split(/\s+/) ?? []
      if (!bytes || !digests.every(digest => isDigestOf(digest, bytes)))
        problems.push(`${page}: the digest of ${path} is wrong`)
    }
  }
  return count === 0 ? ['no page pins a digest'] : problems
}

function isDigestOf(text: string, bytes: Buffer): boolean {
  const [algorithm = '', digest] = text.split(/-(.*)/)
  return createHash(algorithm).update(bytes).digest('base64') === digest
}
