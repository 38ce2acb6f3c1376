/**
 * What `client.ts` needs of undici, for the package that is published: its index also brings WebSocket, caches and mocks, which
 * take four times as long to load, and three times the memory (measured).
 */
import api from 'undici/lib/api/api-request.js'
import buildConnector from 'undici/lib/core/connect.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
import Pool from 'undici/lib/dispatcher/pool.js'
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js'

Dispatcher.prototype.request = api

export { Agent, buildConnector, Pool, ProxyAgent }
