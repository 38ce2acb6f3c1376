export default function () {
  if (Date.now() > 0) throw new Error('drawer') //= default|openDrawer|drawer|-
}
