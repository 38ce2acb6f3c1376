import { didYouMean, MapsealError } from '@mapseal/core'

/** Numbers by name, or groups of them. */
type Numbers<Shape> = { [Name in keyof Shape]: number | Numbers<Shape[Name]> }

/**
 * The defaults with the given values over them; `undefined` counts as not given.
 *
 * @param path names the option in messages
 * @throws MapsealError for an unknown name or an invalid number
 */
export function resolveNumbers<Shape extends Numbers<Shape>>(
  path: string,
  given: unknown,
  defaults: Shape,
  most: number = Number.MAX_SAFE_INTEGER,
): Shape {
  if (given === undefined) return defaults
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw fault(`${path} must be an object with some of ${Object.keys(defaults).join(', ')}, not ${given}.`)
  }
  const resolved: Record<string, unknown> = { ...defaults }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw fault(`There is no option "${path}.${name}".${didYouMean(name, Object.keys(defaults))}`)
    }
    if (value === undefined) continue
    const standard = defaults[name as keyof Shape]
    resolved[name] =
      typeof standard === 'number'
        ? checkNumber(`${path}.${name}`, value, most)
        : resolveNumbers(`${path}.${name}`, value, standard as object, most)
  }
  return resolved as Shape
}

/** Only a rate per second may be less than one. */
function checkNumber(path: string, value: unknown, most: number): number {
  const isRate = path.endsWith('.perSecond')
  const isNumber = typeof value === 'number' && (isRate ? value > 0 : Number.isInteger(value) && value >= 1)
  if (isNumber && value <= most) return value
  const end = most === Number.MAX_SAFE_INTEGER ? 'on' : `to ${most}`
  throw fault(`${path} must be a number ${isRate ? 'above 0' : `from 1 ${end}`}, not ${String(value)}.`)
}

function fault(message: string): MapsealError {
  return new MapsealError('server', message)
}
