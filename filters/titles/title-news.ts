/**
 * Detects changes of the title within an opening. A stream without a title is a change only if an earlier stream of the opening
 * had one, which would otherwise stay.
 * @returns a function that takes the title of each stream (empty: none), and returns the `title` of its first frame.
 */
export function createTitleNews(): (title: string) => string | undefined {
  let wasTitled = false
  return (title) => {
    const isNews = title !== '' || wasTitled
    wasTitled ||= title !== ''
    return isNews ? title : undefined
  }
}
