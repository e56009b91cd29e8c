/**
 * Tells which titles of an opening are news. Where a stream begins anew without one, that is news only if there was one before,
 * which would otherwise stay.
 * @returns a function that takes each title, empty for none, and returns what the first frame of its stream says.
 */
export function createTitleNews(): (title: string) => string | undefined {
  let wasTitled = false
  return (title) => {
    const isNews = title !== '' || wasTitled
    wasTitled ||= title !== ''
    return isNews ? title : undefined
  }
}
