import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installProblem } from './debian.ts'
import { answers } from './ports.ts'

const command = 'nginx'

/** Why there is no nginx here, after trying to install it; undefined when there is. */
export const nginxProblem = (): Promise<string | undefined> => installProblem(command, 'nginx-light')

export interface Nginx {
  close(): Promise<void>
}

/** A reverse proxy on a loopback port, set up as the server's page of the docs says. */
export async function nginx(port: number, upstream: string): Promise<Nginx> {
  const dir = await mkdtemp(join(tmpdir(), 'mapseal-nginx-'))
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${dir}/${name};`)
  const config = `
    daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error;
    events { worker_connections 4096; }
    http {
      access_log off; client_max_body_size 40m; ${folders.join(' ')}
      upstream mapseal { server ${new URL(upstream).host}; keepalive 32; }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://mapseal;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }
      }
    }`
  await writeFile(join(dir, 'conf'), config)
  const child = spawn(command, ['-p', dir, '-e', join(dir, 'error'), '-c', join(dir, 'conf')], { stdio: 'ignore' })
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error('nginx did not start')
    await sleep(50)
  }
  return {
    async close() {
      const end = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGTERM')) await end
      await rm(dir, { recursive: true })
    },
  }
}
