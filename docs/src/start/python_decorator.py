greetings = {}


def greeting(language):
    def add(function):
        greetings[language] = function
        return function

    return add


@greeting("en")
def hello():
    return "Hello"


@greeting("fr")
def bonjour():
    return "Bonjour"


print(greetings["fr"]())
