import { Component, memo, type ReactNode, useCallback, useEffect, useReducer, useState } from 'react'
import { createRoot } from 'react-dom/client'

function reduceCart(state: number, action: string): number {
  if (action === 'break') throw new Error('reduce') //= reduceCart
  return state
}

function useStock(isBroken: boolean): number {
  const [stock] = useState(() => 3)
  if (isBroken) throw new Error('stock') //= useStock
  return stock
}

function Stock({ isBroken }: { isBroken: boolean }): ReactNode {
  return <p>{useStock(isBroken)}</p> //= Stock
}

const Price = memo(({ value }: { value?: number }) => {
  if (value === undefined) throw new Error('price') //= Price|-
  return <b>{value}</b>
})

class Basket extends Component<{ count: number }> {
  componentDidUpdate(): void {
    if (this.props.count === 1) throw new Error('update') //= componentDidUpdate
  }

  render(): ReactNode {
    return this.renderCount() //= render
  }

  renderCount(): ReactNode {
    if (this.props.count > 4) throw new Error('count') //= renderCount
    return <i>{this.props.count}</i>
  }
}

function handleReset(): void {
  throw new Error('reset') //= handleReset
}

function connect(): void {
  throw new Error('effect') //= connect
}

function Shop(): ReactNode {
  const [count, setCount] = useState(0)
  const [isBroken, setBroken] = useState(false)
  const [, dispatch] = useReducer(reduceCart, 0)
  const [hasPrice, setPrice] = useState(true)
  const [isConnected, setConnected] = useState(false)
  const save = useCallback(() => {
    throw new Error('save') //= save|-
  }, [])
  const removeItem = () => {
    throw new Error('remove') //= removeItem
  }
  useEffect(() => {
    if (isConnected) connect() //= -
  }, [isConnected])
  return (
    <section>
      <button
        id="react-inline"
        onClick={() => {
          throw new Error('inline') //= onClick|-
        }}
      />
      <button id="react-save" onClick={save} />
      <button id="react-remove" onMouseDown={removeItem} />
      <button id="react-reset" onClick={handleReset} />
      <button id="react-update" onClick={() => setCount(count + 1)} />
      <button id="react-count" onClick={() => setCount(5)} />
      <button id="react-stock" onClick={() => setBroken(true)} />
      <button id="react-reduce" onClick={() => dispatch('break')} />
      <button id="react-price" onClick={() => setPrice(false)} />
      <button id="react-effect" onClick={() => setConnected(true)} />
      <Basket count={count} />
      <Stock isBroken={isBroken} />
      <Price value={hasPrice ? 1 : undefined} />
    </section>
  )
}

/** Each button throws, and an uncaught error unmounts all, so each has a root of its own. */
export function mount(root: HTMLElement, report: (error: unknown) => void): void {
  createRoot(root, { onUncaughtError: report }).render(<Shop />)
}
