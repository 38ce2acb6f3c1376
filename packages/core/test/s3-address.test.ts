import { expect, test } from 'vitest'
import { readS3Url } from '../src/vault/s3/address.ts'

test('what the URL leaves out is the environment’s', () => {
  expect(readS3Url('s3://maps/team/web/', {})).toEqual({
    bucket: 'maps',
    prefix: 'team/web/',
    endpoint: undefined,
    region: 'us-east-1',
    isPathStyle: false,
    url: 's3://maps/team/web',
  })
  const env = { AWS_ENDPOINT_URL: 'https://all.example', AWS_DEFAULT_REGION: 'eu-west-1' }
  expect(readS3Url('s3://maps', env)).toMatchObject({
    endpoint: 'https://all.example',
    region: 'eu-west-1',
    prefix: '',
  })
  const more = { ...env, AWS_ENDPOINT_URL_S3: 'http://s3.example:9000', AWS_REGION: 'auto' }
  expect(readS3Url('s3://maps', more)).toMatchObject({
    endpoint: 'http://s3.example:9000',
    region: 'auto',
    isPathStyle: true,
    url: 's3://maps',
  })
})

test('the URL’s own settings win', () => {
  const env = { AWS_ENDPOINT_URL_S3: 'https://other.example', AWS_REGION: 'eu-west-1' }
  const url = 's3://maps/web?endpoint=https%3A%2F%2Foss.example&region=cn-1&path-style=false'
  expect(readS3Url(url, env)).toMatchObject({
    endpoint: 'https://oss.example',
    region: 'cn-1',
    isPathStyle: false,
    url: 's3://maps/web',
  })
})

test.each([
  ['s3://', /is not a bucket with a prefix\. Write s3:\/\/bucket\/prefix/],
  ['s3://a', /is not a bucket/],
  ['s3://maps/../other', /is not a bucket/],
  ['s3://maps/a//b', /is not a bucket/],
  ['s3://maps/grüße', /is not a bucket/],
  ['s3://maps?endpont=x', /has no setting "endpont"\. Did you mean "endpoint"\?/],
  ['s3://maps?endpoint=oss.example', /is not a URL such as https:/],
  ['s3://maps?path-style=yes', /is true or false, not "yes"/],
])('%s is refused, with what to write', (url, message) => {
  expect(() => readS3Url(url, {})).toThrow(message)
})

test('keys in the URL are refused and do not appear in the error', () => {
  expect(() => readS3Url('s3://AKIA:do-not-tell@maps/x', {})).toThrow(/holds no keys\. Set AWS_ACCESS_KEY_ID/)
  expect(() => readS3Url('s3://AKIA:do-not-tell@maps/x', {})).not.toThrow(/do-not-tell/)
  const env = { AWS_ENDPOINT_URL_S3: 'https://name:do-not-tell@s3.example' }
  expect(() => readS3Url('s3://maps', env)).not.toThrow(/do-not-tell/)
})
