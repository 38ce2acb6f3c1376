import vendors from 'ci-info/vendors.json' with { type: 'json' }

type Env = NodeJS.ProcessEnv

/** A condition on the environment, as ci-info writes it. */
type Rule = string | { env: string; includes: string } | { any: string[] } | Record<string, string>

const VENDORS = vendors.map(({ env }) => [env].flat() as Rule[])

/** Variables that several CI systems set, and no vendor's rule names. */
const SHARED = [
  'CI',
  'BUILD_ID',
  'BUILD_NUMBER',
  'CI_APP_ID',
  'CI_BUILD_ID',
  'CI_BUILD_NUMBER',
  'CI_NAME',
  'CONTINUOUS_INTEGRATION',
  'RUN_ID',
]

/**
 * Whether a CI system runs the build, by the rules of ci-info: Azure Pipelines, Jenkins, TeamCity and CodeBuild do not set `CI`.
 * The package's own `isCI` reads `process.env` once, when it is imported; this reads the environment it is given. `CI=false`
 * and `CI=0` say that it is not.
 */
export function isCI(env: Env): boolean {
  const value = env.CI?.trim()
  if (value === 'false' || value === '0') return false
  return SHARED.some(name => isSet(env, name)) || VENDORS.some(rules => rules.every(rule => holds(rule, env)))
}

function holds(rule: Rule, env: Env): boolean {
  if (typeof rule === 'string') return isSet(env, rule)
  if ('includes' in rule) return env[rule.env as string]?.includes(rule.includes as string) ?? false
  if (Array.isArray(rule.any)) return rule.any.some(name => isSet(env, name))
  return Object.entries(rule).every(([name, value]) => env[name] === value)
}

/** Blank counts as unset: CI systems define variables they have no value for. */
function isSet(env: Env, name: string): boolean {
  return Boolean(env[name]?.trim())
}
