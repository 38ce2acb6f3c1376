import { folderStore } from '@mapseal/core'
import { afterAll, expect, test } from 'vitest'
import { createMetrics } from '../src/http/metrics.ts'
import { HttpProblem } from '../src/http/problem.ts'
import { routeName } from '../src/http/route.ts'
import { createRouter } from '../src/http/router.ts'
import { resolveServerOptions } from '../src/options.ts'
import { createServices } from '../src/services.ts'

// Nothing is read or written before a request.
const services = createServices(folderStore('/nowhere'), resolveServerOptions({}), createMetrics())
afterAll(services.close)
const router = createRouter(services.routes)

/** The route's name and its parameters, or the status and the `Allow` header of a refusal. */
function find(method: string, path: string): unknown[] {
  try {
    const { route, params } = router.find(method, path)
    return [`${route.method} ${routeName(route)}`, params]
  } catch (cause) {
    if (!(cause instanceof HttpProblem)) throw cause
    return cause.headers.Allow ? [cause.status, cause.headers.Allow] : [cause.status]
  }
}

const group = '0123456789abcdef'
const event = `20261121T101500123Z-${group}${group}`

test('every route is found at its own path, and at no other', () => {
  const values: Record<string, string> = { ':project/:group': `app/${group}`, ':name': event }
  for (const route of services.routes) {
    const name = routeName(route)
    const path = Object.entries(values)
      .reduce((text, [from, to]) => text.replace(from, to), name)
      .replace(/:\w+/g, 'x')
    expect(find(route.method, path)[0]).toBe(`${route.method} ${name}`)
    expect(find(route.method, `${path}/x`)).not.toContain(`${route.method} ${name}`)
  }
})

test('parameters are decoded, a slash in them too', () => {
  expect(find('GET', '/api/0/organizations/my%20org/releases/a%2Fb%3F%C3%A9/')).toEqual([
    'GET /api/0/organizations/:org/releases/:version/',
    { org: 'my org', version: 'a/b?é' },
  ])
  expect(find('GET', '/api/builds/%2e%2e')).toEqual(['GET /api/builds/:id', { id: '..' }])
  expect(find('GET', '/api/builds/%')).toEqual([400])
  expect(find('GET', '/api/builds/%C3')).toEqual([400])
})

test('HEAD is answered as GET, where there is one', () => {
  expect(find('HEAD', '/healthz')).toEqual(['GET /healthz', {}])
  expect(find('HEAD', '/api/symbolicate')).toEqual([405, 'POST'])
})

test.each([
  ['DELETE', '/healthz', 'GET, HEAD'],
  ['PATCH', '/api/0/organizations/o/releases/1/', 'GET, PUT, DELETE, HEAD'],
  ['DELETE', '/api/0/organizations/o/releases/', 'GET, POST, HEAD'],
  ['GET', '/api/app/envelope/', 'POST, OPTIONS'],
  // A path of two routes.
  ['PUT', '/api/builds/envelope', 'GET, POST, OPTIONS, HEAD'],
])('%s %s is refused, and names the methods that are allowed', (method, path, allowed) => {
  expect(find(method, path)).toEqual([405, allowed])
})

test('a project may have the name of a part of a path', () => {
  for (const project of ['builds', 'files', 'events', '0', 'page', 'symbolicate']) {
    expect(find('POST', `/api/${project}/envelope/`)).toEqual(['POST /api/:project/envelope/', { project }])
    expect(find('OPTIONS', `/api/${project}/store`)).toEqual(['OPTIONS /api/:project/store/', { project }])
  }
  expect(find('GET', '/api/builds/envelope')).toEqual(['GET /api/builds/:id', { id: 'envelope' }])
})

test('a slash at the end matters, except where SDKs send either', () => {
  expect(find('GET', '/api/0/organizations')).toEqual([404])
  expect(find('GET', '/healthz/')).toEqual([404])
  expect(find('GET', '/api/0')).toEqual([404])
  expect(find('GET', '')).toEqual([404])
  expect(find('GET', '/')).toEqual(['GET /', {}])
  for (const slash of ['', '/']) {
    expect(find('POST', `/api/symbolicate${slash}`)[0]).toBe('POST /api/symbolicate')
    expect(find('POST', `/api/app/store${slash}`)[0]).toBe('POST /api/:project/store/')
  }
})

test.each([
  '//',
  '///healthz',
  '//healthz',
  '/healthz//',
  '/api//envelope/',
  '/api/app//envelope/',
  '/api/app/envelope//',
  '/api/0//organizations/',
  '/api/0/organizations//',
  '/api/0//',
  '/api/builds/',
  '/api/./builds',
  '/api/x/../builds',
  '/page/../package.json',
  '/page/',
  '/HEALTHZ',
  '/healthz%2F',
  '/healthz;x',
  '/%68ealthz',
  '/__proto__',
  '/constructor',
  '/api/__proto__',
  '/api/0/__proto__/constructor/',
  '/:project',
  '/api/:project/:group',
  `/api/events/app/${group}0`,
  `/api/events/app/${group.toUpperCase()}`,
  `/api/events/app/${group}/${event}\n`,
  `/api/events/app/${group}/${event}0`,
  `/${'a/'.repeat(2000)}`,
  '/'.repeat(4000),
])('%.40j leads nowhere', path => {
  expect(find('GET', path)).toEqual([404])
  expect(find('POST', path)).toEqual([404])
})

test('parameters named after parts of objects change none', () => {
  const [, params] = find('POST', '/api/__proto__/envelope/')
  expect(params).toEqual({ project: '__proto__' })
  expect(find('GET', '/api/builds/constructor')).toEqual(['GET /api/builds/:id', { id: 'constructor' }])
})
