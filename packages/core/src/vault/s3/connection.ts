import { createRequire } from 'node:module'
import type { S3Client } from '@aws-sdk/client-s3'
import { MapsealError } from '../../errors.ts'
import type { Network } from '../../http/types.ts'
import type { S3Address } from './address.ts'

type Sdk = typeof import('@aws-sdk/client-s3')

/** The SDK and a client of it. */
export interface S3Connection {
  sdk: Sdk
  client: S3Client
  /** Secrets of the proxy; those of the store may change, and are read anew each time. */
  proxySecrets: string[]
}

/**
 * Loads the SDK, which is an optional install; credentials are found the way all of Amazon's tools find them.
 *
 * @param idleMs after which a connection without a byte in either direction is given up
 * @param ca PEM, trusted besides what Node and `NODE_EXTRA_CA_CERTS` say
 * @throws MapsealError that says what to install, or that `ca` cannot be read
 */
export async function connectS3(address: S3Address, idleMs: number, ca: Network['ca']): Promise<S3Connection> {
  const { url, endpoint, region, isPathStyle } = address
  const loading = import('./request-handler.ts')
  const sdk = requireSdk(url)
  const { createRequestHandler, proxySecrets } = await loading
  const client = new sdk.S3Client({
    ...(endpoint !== undefined && { endpoint }),
    region,
    forcePathStyle: isPathStyle,
    followRegionRedirects: endpoint === undefined,
    maxAttempts: 8,
    retryMode: 'standard',
    // Many stores know neither flexible checksums nor 100 Continue. The signature covers what is sent, and what is
    // read from a pack is checked.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    requestHandler: createRequestHandler(ca, idleMs),
  })
  return { sdk, client, proxySecrets: proxySecrets(process.env) }
}

/** It is CommonJS, in which `import` looks for names of exports first: 40% of the time to load it (measured). */
function requireSdk(url: string): Sdk {
  try {
    return createRequire(import.meta.url)('@aws-sdk/client-s3') as Sdk
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause
    throw new MapsealError(
      's3',
      `${url} needs the AWS SDK, which is not installed. Run \`npm install --save-dev @aws-sdk/client-s3\`.`,
      { cause },
    )
  }
}

/** Secrets that no message may hold. */
export async function secretsOf({ client, proxySecrets }: S3Connection): Promise<string[]> {
  const found = await client.config.credentials().catch(() => undefined)
  return [...proxySecrets, found?.secretAccessKey, found?.sessionToken].filter(
    secret => secret !== undefined && secret !== '',
  ) as string[]
}
