import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Answer } from '../http/answer.ts'
import { HttpProblem } from '../http/problem.ts'

const CONTENT_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/**
 * Only what is served from here runs or is shown, and no text becomes markup: anyone can send names, messages and sources.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const headers = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  // The files are small, and the page must match its server's version.
  'Cache-Control': 'no-cache',
}

/** The page's files ship beside `src` and `dist`. */
const folder = join(packageFolder(import.meta.dirname), 'page')

const require = createRequire(import.meta.url)
/** A module without imports; beside the page's own files, so that `./d3-hierarchy.js` leads to it. */
const LIBRARY = 'd3-hierarchy.js'

/** @param name without a folder @throws HttpProblem 404 */
export async function pageFile(name: string): Promise<Answer> {
  const type = CONTENT_TYPES[/^[a-z][a-z\d-]*\.([a-z]+)$/.exec(name)?.[1] ?? '']
  const path = name === LIBRARY ? require.resolve('d3-hierarchy') : join(folder, name)
  const body = type && (await readFile(path).catch(() => undefined))
  if (!type || !body) throw new HttpProblem(404, { detail: 'The requested resource does not exist' })
  return { status: 200, headers: { ...headers, 'Content-Type': type }, body }
}

function packageFolder(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : packageFolder(dirname(from))
}
