import { MapsealError } from '../../errors.ts'
import { didYouMean } from '../../suggest.ts'

/** Where objects lie, and how they are reached. */
export interface S3Address {
  bucket: string
  /** Empty, or ends in a slash. */
  prefix: string
  /** The endpoint of a store other than Amazon's. */
  endpoint: string | undefined
  region: string
  /** Whether the bucket stands in the path and not in the host's name. */
  isPathStyle: boolean
  /** `s3://bucket/prefix`, for people. */
  url: string
}

const SETTINGS = ['endpoint', 'region', 'path-style']

/**
 * Reads `s3://bucket/prefix`. What it leaves out is the environment's, as for every tool of Amazon's: `AWS_ENDPOINT_URL_S3`
 * or `AWS_ENDPOINT_URL`, `AWS_REGION` or `AWS_DEFAULT_REGION`; settings may follow: `?endpoint=…&region=…&path-style=false`.
 *
 * @throws MapsealError
 */
export function readS3Url(text: string, env: NodeJS.ProcessEnv = process.env): S3Address {
  const [, authority = '', path = '', query = ''] = /^s3:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?$/.exec(text) ?? []
  if (authority.includes('@'))
    throw refusal('an s3:// URL holds no keys. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.')
  const prefix = path.replace(/^\/+|\/+$/g, '')
  if (!/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i.test(authority) || (prefix && !isPrefix(prefix)))
    throw refusal(`"${text.replace(/\?.*/s, '')}" is not a bucket with a prefix. Write s3://bucket/prefix.`)
  const settings = new URLSearchParams(query)
  for (const name of settings.keys()) {
    if (!SETTINGS.includes(name)) throw refusal(`an s3:// URL has no setting "${name}".${didYouMean(name, SETTINGS)}`)
  }
  const endpoint = settings.get('endpoint') || env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined
  if (endpoint !== undefined && !/^https?:\/\/[^/@\s]+(?:\/\S*)?$/.test(endpoint))
    throw refusal("the store's endpoint is not a URL such as https://s3.example.com. Correct AWS_ENDPOINT_URL_S3.")
  return {
    bucket: authority,
    prefix: prefix && `${prefix}/`,
    endpoint,
    // Amazon says where a bucket is, and the client goes there; other stores have one region.
    region: settings.get('region') || env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1',
    isPathStyle: readFlag(settings.get('path-style')) ?? endpoint !== undefined,
    url: ['s3:/', authority, prefix].filter(Boolean).join('/'),
  }
}

function isPrefix(prefix: string): boolean {
  return (
    prefix.length <= 200 &&
    prefix.split('/').every(part => /^[\w%@+=~!$&'(),;.-]+$/.test(part) && !/^\.\.?$/.test(part))
  )
}

function readFlag(value: string | null): boolean | undefined {
  if (value === null || value === 'true' || value === 'false') return value === null ? undefined : value === 'true'
  throw refusal(`the setting "path-style" of an s3:// URL is true or false, not "${value}".`)
}

function refusal(message: string): MapsealError {
  return new MapsealError('s3', `${message[0]?.toUpperCase()}${message.slice(1)}`)
}
