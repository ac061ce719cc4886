from inspect import signature


def book(request, book_id: int):
    return book_id


print(signature(book).parameters["book_id"].annotation)
