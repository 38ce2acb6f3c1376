import { Boom } from './boom.jsx'

export default function Page() {
  return <Boom />
}
