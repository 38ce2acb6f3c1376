import { createEffect, createMemo, createSignal, For } from 'solid-js'
import { render } from 'solid-js/web'

function Item(props) {
  const label = () => {
    if (props.name === 'broken') throw new Error('label') //= label
    return props.name
  }
  return <li>{label()}</li>
}

function List() {
  const [names, setNames] = createSignal(['one'])
  const [count, setCount] = createSignal(0)
  const [size, setSize] = createSignal(0)

  function addBroken() {
    setNames(['broken']) //= addBroken
  }

  const removeAll = () => {
    throw new Error('remove') //= removeAll
  }

  function checkCount(value) {
    if (value > 0) throw new Error('memo') //= checkCount
    return value
  }

  const checked = createMemo(() => {
    return checkCount(count()) //= -
  })

  createEffect(function reportSize() {
    if (size() > 0) throw new Error('effect') //= reportSize
  })

  return (
    <ul title={checked()}>
      <button id="solid-add" onClick={addBroken} />
      <button id="solid-remove" onClick={removeAll} />
      <button id="solid-memo" onClick={() => setCount(1)} />
      <button id="solid-effect" onClick={() => setSize(1)} />
      <For each={names()}>{name => <Item name={name} />}</For>
    </ul>
  )
}

export function mount(root) {
  render(() => <List />, root)
}
