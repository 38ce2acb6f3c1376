import http from 'node:http'
import https from 'node:https'
import type { SecureContext } from 'node:tls'
import { proxyFor } from './proxy.ts'
import { RoutingAgent } from './tunnel.ts'

/** The connections of one client, kept alive. */
export interface Agents {
  /** For `https:`, straight or through the proxy that the environment names for the host. */
  secure(): https.Agent
  /** Straight to a host, `https:` or `http:`. */
  direct(protocol: string): http.Agent
  /** Ends all connections. */
  destroy(): void
}

export interface AgentsOptions {
  /** Where `HTTPS_PROXY` and its kin are read. */
  env: NodeJS.ProcessEnv
  /** Asked for at the first connection that needs it: reading certificates takes long. Undefined for Node's own default. */
  trusted(): SecureContext | undefined
  /** For a proxy's answer to CONNECT, in ms. */
  timeout: number
}

export function createAgents({ env, trusted, timeout }: AgentsOptions): Agents {
  const agents = new Map<string, http.Agent>()
  // Node's 250 ms an address give up on hosts that are merely far away.
  const connection = { keepAlive: true, autoSelectFamilyAttemptTimeout: 1000 }
  const secured = () => {
    const secureContext = trusted()
    return { ...connection, ...(secureContext && { secureContext }) }
  }

  function agentOf<Agent extends http.Agent>(name: string, create: () => Agent): Agent {
    const agent = agents.get(name) ?? create()
    agents.set(name, agent)
    return agent as Agent
  }

  const direct = (protocol: string) =>
    agentOf(protocol, () => (protocol === 'https:' ? new https.Agent(secured()) : new http.Agent(connection)))
  const route = { proxyFor: (url: URL) => proxyFor(url, env), agentFor: direct, timeout }

  return {
    secure: () => agentOf('routed', () => new RoutingAgent(route, secured())),
    direct,
    destroy() {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}
