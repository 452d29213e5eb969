/** Where an entry of a list stands: the names of the folders around it, from the outermost on. */
export interface InFolders {
  readonly folders: readonly string[]
}

/** An entry, or a folder of such. */
interface Entry {
  readonly name: string
  readonly isFolder?: boolean
}

/** The entries without their folders, in the same order, each told where it stood. */
export function flatten<Item extends Entry>(
  entries: readonly Item[],
  contentsOf: (entry: Item) => readonly Item[] | undefined,
  folders: readonly string[] = [],
): readonly (Item & InFolders)[] {
  return entries.flatMap((entry) => {
    const contents = contentsOf(entry)
    if (contents === undefined && entry.isFolder !== true) return [{ ...entry, folders }]
    return flatten(contents ?? [], contentsOf, [...folders, entry.name])
  })
}
