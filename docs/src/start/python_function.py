def greet(name, greeting="Hello"):
    return f"{greeting} {name}"


print(greet("Ada"))
print(greet("Ada", greeting="Good morning"))
