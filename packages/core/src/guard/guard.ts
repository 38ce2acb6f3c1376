import { MapsealError } from '../errors.ts'
import type { Artifact } from '../types.ts'
import { secretValues } from './env-values.ts'
import { placesOfSecrets } from './places.ts'
import { redactMap } from './redact-map.ts'
import { findSecrets } from './scan.ts'

export type SecretsPolicy = 'warn' | 'fail' | 'redact' | 'ignore'

/** Looks for secrets in the source that is about to leave this machine. */
export interface Guard {
  /** @returns the artifact, with secrets overwritten where that is wanted. @throws MapsealError where they are to fail the build */
  pass(artifact: Artifact): Artifact
  /** What was found, a line each. Nothing in them shows a secret. */
  lines(): string[]
}

/** How many places are named. */
const shown = 5

/** @param root where the `.env` files are */
export function createGuard(policy: SecretsPolicy, root: string): Guard {
  const values = policy === 'ignore' ? [] : secretValues(root)
  const found = new Map<string, string>()
  return {
    pass(artifact) {
      if (policy === 'ignore' || !artifact.map) return artifact
      const map = Buffer.from(artifact.map.buffer, artifact.map.byteOffset, artifact.map.length)
      const findings = findSecrets(map, values)
      const [first] = findings
      if (!first) return artifact
      const places = placesOfSecrets(map, values)
      // In a name, say, and in no source.
      if (places.length === 0) places.push({ name: first.name, place: `the source map of ${artifact.path}` })
      for (const { name, place } of places) found.set(`${place} ${name}`, `${place} has ${name}`)
      if (policy === 'fail')
        throw new MapsealError('secrets', `${textOf(found)} Take it out of the source, and make a new one. ${advice}`)
      if (policy === 'warn') return artifact
      const { gzip: _, ...rest } = artifact
      return { ...rest, map: redactMap(map, findings) }
    },
    lines() {
      if (found.size === 0) return []
      const then =
        policy === 'redact'
          ? 'It is overwritten in source maps.'
          : `Take it out of the source, and make a new one; or set secrets: 'redact'. ${advice}`
      return [`[mapseal] [secrets] ${textOf(found)} ${then}`]
    },
  }
}

const advice = 'Anyone who can read the source maps can read it.'

function textOf(found: Map<string, string>): string {
  const texts = [...found.values()]
  const more = texts.length > shown ? ` And ${texts.length - shown} more.` : ''
  return `${texts.slice(0, shown).join('. ')}.${more}`
}
