export default () => {
  if (Date.now() > 0) throw new Error('lid') //= default|closeDrawer|lid|-
}
