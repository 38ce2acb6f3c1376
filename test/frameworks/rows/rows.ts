import type { Row } from '../run/row.ts'
import { pages } from './pages.ts'
import { programs } from './programs.ts'
import { servers } from './servers.ts'

/** Everything that `npm run frameworks` builds. */
export const rows: Row[] = [...servers, ...pages, ...programs]
