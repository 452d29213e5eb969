import { Refusal } from './answer.ts'
import type { SortDefinition } from './definition.ts'
import { fieldOnLayout } from './hosted-database.ts'
import { fieldNamed } from './solution.ts'
import type { Layout, LayoutField, Portal, Solution } from './solution.ts'
import { orderExpression, valueExpression } from './sql.ts'
import type { Sql } from './sql.ts'
import type { Store } from './store.ts'
import { textOrderKey } from './text-order.ts'
import type { StoredValue } from './values.ts'

/**
 * ORDER BY for records of a layout; without a sort the order is that of creation. Empty values come first (section 8.3).
 *
 * @throws Refusal 102 for a field that is not on the layout, 404 for an order that is none.
 */
export function layoutOrder(
  sort: readonly SortDefinition[],
  layout: Layout,
  solution: Solution,
  store: Store,
  alias: string,
): Sql {
  const keys = sort.map(({ fieldName, sortOrder }) => {
    const { field, repetition } = fieldOnLayout(layout, fieldName)
    const column = field.field.columns[repetition] ?? ''
    if (field.field.type === 'container') throw new Refusal(404)
    // One key alone can be read off an index; with more the sorter has to work anyway.
    if (sort.length === 1 && field.path.length === 0 && !field.field.global) {
      store.wantIndex(field.field, column, usesFunction(field) ? 'order' : 'value')
    }
    return sortKey(field, repetition, sortOrder, solution, alias)
  })
  return withCreationOrder(keys, alias)
}

/** ORDER BY for the rows of a portal. */
export function portalOrder(portal: Portal, solution: Solution, alias: string): Sql {
  const keys = portal.sort.map(({ fieldName, sortOrder }) => {
    const prefix = `${portal.occurrence.name}::`
    const name = fieldName.startsWith(prefix) ? fieldName.slice(prefix.length) : fieldName
    const field = fieldNamed(portal.occurrence.table.fields, name)
    if (field === undefined) throw new Refusal(102)
    const own: LayoutField = {
      name,
      field,
      path: [],
      occurrence: portal.occurrence,
      valueList: undefined,
      displayType: 'editText',
    }
    return sortKey(own, 0, sortOrder, solution, alias)
  })
  return withCreationOrder(keys, alias)
}

function sortKey(
  field: LayoutField,
  repetition: number,
  sortOrder: string | undefined,
  solution: Solution,
  alias: string,
): Sql {
  if (field.field.global) return { text: '1', values: [] }
  const key = valueExpression(field, alias, repetition, (column, name) => orderExpression(field.field, column, name))
  if (sortOrder === undefined || sortOrder === 'ascend') return { text: key, values: [] }
  if (sortOrder === 'descend') return { text: `${key} DESC`, values: [] }
  const list = solution.valueLists.get(sortOrder)
  if (list === undefined) throw new Refusal(404)
  const values = list.map((item) => (typeof item === 'string' ? item : item.value))
  if (values.length === 0) return { text: key, values: [] }
  const cases = values.map((_, index) => `WHEN ? THEN ${index}`).join(' ')
  const compared: StoredValue[] = values.map((value) =>
    field.field.type === 'number' ? Number(value) : field.field.type === 'text' ? textOrderKey(value) : value,
  )
  return { text: `CASE ${key} ${cases} ELSE ${values.length} END, ${key}`, values: compared }
}

function usesFunction(field: LayoutField): boolean {
  return field.field.type === 'text' || field.field.type === 'number'
}

function withCreationOrder(keys: readonly Sql[], alias: string): Sql {
  return {
    text: ['ORDER BY', [...keys.map((key) => key.text), `${alias}.id`].join(', ')].join(' '),
    values: keys.flatMap((key) => key.values),
  }
}
