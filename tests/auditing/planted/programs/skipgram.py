"""Word vectors: skip-gram with a full softmax, one centre word and its context at a time."""
import numpy as np

text = "the quick brown fox jumps over the lazy dog and the dog barks at the quick fox"
settings = {"window": 2, "n": 4, "epochs": 15, "learning_rate": 0.05}


class SkipGram:
    def __init__(self, settings):
        self.n = settings["n"]
        self.lr = settings["learning_rate"]
        self.epochs = settings["epochs"]
        self.window = settings["window"]

    def prepare(self, words):
        self.vocab = sorted(set(words))
        self.word_index = {word: i for i, word in enumerate(self.vocab)}
        data = []
        for i, word in enumerate(words):
            context = np.zeros(len(self.vocab))
            count = 0
            for j in range(max(i - self.window, 0), min(i + self.window + 1, len(words))):
                if j != i:
                    context[self.word_index[words[j]]] += 1
                    count += 1
            data.append((self.one_hot(word), context, count))
        return data

    def one_hot(self, word):
        vec = np.zeros(len(self.vocab))
        vec[self.word_index[word]] = 1
        return vec

    def softmax(self, u):
        e = np.exp(u - np.max(u))
        return e / e.sum()

    def forward(self, x):
        h = np.dot(x, self.w1)
        u = np.dot(h, self.w2)
        return self.softmax(u), h, u

    def backprop(self, e, h, x):
        dw2 = np.outer(h, e)
        dh = np.dot(self.w2, e)
        dw1 = np.outer(x, dh)
        self.w1 -= self.lr * dw1
        self.w2 -= self.lr * dw2

    def train(self, data):
        v = len(self.vocab)
        self.w1 = np.random.uniform(-0.8, 0.8, (v, self.n))
        self.w2 = np.random.uniform(-0.8, 0.8, (self.n, v))
        for epoch in range(self.epochs):
            self.loss = 0
            for x, context, count in data:
                y_pred, h, u = self.forward(x)
                error = count * y_pred - context
                self.backprop(error, h, x)
                self.loss += -np.sum(context * u) + count * np.log(np.sum(np.exp(u)))
            print("EPOCH:", epoch, "LOSS:", self.loss)


np.random.seed(0)
w2v = SkipGram(settings)
w2v.train(w2v.prepare(text.split()))
