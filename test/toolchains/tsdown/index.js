export { build } from 'tsdown'
